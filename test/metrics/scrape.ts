/** Reads metrics as Prometheus does. */

import assert from 'node:assert/strict'

/** The metrics of one moment. */
export class Scrape {
  readonly text: string
  readonly contentType: string | null
  readonly #samples = new Map<string, number>()

  constructor (text: string, contentType: string | null = null) {
    this.text = text
    this.contentType = contentType
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) continue
      const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
      assert.ok(found, `not a sample: ${line}`)
      this.#samples.set(keyOf(found[1]!, readLabels(found[2] ?? '')), Number(found[3]))
    }
  }

  /** Value of the one series with these labels, or undefined. */
  value (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    return this.#samples.get(keyOf(name, labels))
  }

  /** All series of a metric that are not 0. */
  counted (name: string): string[] {
    return [...this.#samples].filter(([key, value]) => key.startsWith(`${name} `) && value !== 0).map(([key]) => key)
  }
}

/** Asks an address for its metrics. */
export async function scrape (base: string, path = '/metrics'): Promise<Scrape> {
  const answer = await fetch(base + path)
  assert.equal(answer.status, 200)
  return new Scrape(await answer.text(), answer.headers.get('content-type'))
}

function readLabels (text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name!, value!]))
}

function keyOf (name: string, labels: Readonly<Record<string, string>>): string {
  return `${name} ${JSON.stringify(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1))}`
}
