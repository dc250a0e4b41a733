/** The curl commands of a page, and what they print, without a curl: documentation is replayed where none is installed. */

import { request } from 'node:http'
import { request as requestTls } from 'node:https'

/** One command of a ```console block and the lines below it. */
export interface Command {
  readonly text: string
  readonly output: readonly string[]
}

/** All commands of a page that begin with `curl`. */
export function curlCommands (markdown: string): Command[] {
  const commands: { text: string, output: string[] }[] = []
  for (const [, block] of markdown.matchAll(/^```console\n([^]*?)^```$/gm)) {
    let current: typeof commands[number] | undefined
    for (const line of block!.split('\n')) {
      if (line.startsWith('$ ')) {
        current = { text: line.slice(2), output: [] }
        if (current.text.startsWith('curl ')) commands.push(current)
      } else if (line !== '') current?.output.push(line)
    }
  }
  return commands
}

interface Call {
  readonly url: URL
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
  readonly showHead: boolean
  readonly statusOnly: boolean
}

/** Runs a command and returns the lines that it prints. */
export async function curl (text: string): Promise<string[]> {
  const lines: string[] = []
  for (const call of read(text)) lines.push(...await run(call))
  return lines
}

/** Whether `line` is what `shown` says, where `…` stands for anything. */
export function fits (line: string, shown: string): boolean {
  const escaped = shown.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`).test(line)
}

function read (text: string): Call[] {
  const words = [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare!).slice(1)
  const headers: Record<string, string> = {}
  let [method, body, url]: (string | undefined)[] = []
  let [showHead, statusOnly] = [false, false]
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (/^-s?k?ik?$/.test(word)) showHead = true
    else if (word === '-H') {
      const [name = '', value = ''] = words[++i]!.split(/:\s*(.*)/s)
      headers[name] = value
    } else if (word === '-X') method = words[++i]
    else if (word === '-d') body = words[++i]
    else if (word === '-w') {
      statusOnly = true
      i++
    } else if (word === '-o') i++
    else if (!word.startsWith('-')) url = word
  }
  return globbed(url!).map(each => ({
    url: new URL(each),
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    body,
    showHead,
    statusOnly
  }))
}

/** `[1-3]` in a URL makes curl ask for each. */
function globbed (url: string): string[] {
  const range = /\[(\d+)-(\d+)\]/.exec(url)
  if (range === null) return [url]
  const [from, to] = [Number(range[1]), Number(range[2])]
  return Array.from({ length: to - from + 1 }, (_, index) => url.replace(range[0], String(from + index)))
}

async function run ({ url, method, headers, body, showHead, statusOnly }: Call): Promise<string[]> {
  return await new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestTls : request
    send(url, {
      method,
      // `-k`
      rejectUnauthorized: false,
      headers: { connection: 'close', ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }), ...headers }
    }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
      response.on('end', () => {
        if (statusOnly) return resolve([String(response.statusCode)])
        const head = showHead ? [`HTTP/1.1 ${response.statusCode} ${response.statusMessage}`, ...pairs(response.rawHeaders)] : []
        resolve([...head, ...text.split('\n').filter(line => line !== '')])
      })
    }).on('error', reject).end(body)
  })
}

function pairs (raw: readonly string[]): string[] {
  return Array.from({ length: raw.length / 2 }, (_, index) => `${raw[2 * index]}: ${raw[2 * index + 1]}`)
}
