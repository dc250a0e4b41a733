import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The instructions of the Dockerfile, continued lines joined, comments left out. */
const instructions = read('Dockerfile').replace(/\\\n\s*/g, '').split('\n').filter(line => /^[A-Z]/.test(line)).map(line => {
  const [name = '', ...words] = line.split(/\s+/)
  return { name, words, text: words.join(' ') }
})
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))

/** What is copied from the project, not from another stage, by these instructions. */
function copied (from: typeof instructions): string[] {
  return from.filter(({ name, words }) => name === 'COPY' && !words[0]?.startsWith('--from')).flatMap(({ words }) => words.slice(0, -1))
}

/** The JSON array behind a word such as CMD. */
function execForm (name: string): unknown {
  const text = lastStage.findLast(instruction => instruction.name === name)?.text ?? ''
  return JSON.parse(text.slice(text.indexOf('[')))
}

suite('the image', () => {
  test('is made of pinned images', () => {
    const images = instructions.filter(({ name }) => name === 'FROM').map(({ words }) => words[0] ?? '')
    assert.equal(images.length, 2)
    for (const image of images) assert.match(image, /^[\w/.-]+:\d[\w.-]*$/)
  })

  test('copies only what exists and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore').split('\n').filter(line => line.startsWith('!')).map(line => line.slice(1))
    const sources = copied(instructions)
    for (const source of sources) assert.ok(existsSync(join(root, source)), `${source} does not exist`)
    assert.deepEqual([...new Set(sources)].sort(), allowed.sort())
  })

  test('holds every file that its program imports', () => {
    const places = copied(lastStage)
    const files = places.flatMap(place => globSync(`${place}/**/*.{ts,mjs}`, { cwd: root }))
    assert.ok(files.includes('bin/onedoor.mjs'))
    for (const file of files) {
      for (const [, specifier = ''] of read(file).matchAll(/^(?:import|export|\}).* from '(\.[^']+)'/gm)) {
        const target = normalize(join(dirname(file), specifier))
        assert.ok(places.includes(target.split('/')[0] ?? ''), `${file} imports ${target}, which is not in the image`)
      }
    }
  })

  test('does not run as root', () => {
    assert.deepEqual(lastStage.filter(({ name }) => name === 'USER').map(({ text }) => text), ['node'])
  })

  test('starts and checks itself without a shell in between', () => {
    assert.deepEqual(execForm('ENTRYPOINT'), ['node', 'bin/onedoor.mjs'])
    assert.deepEqual(execForm('CMD'), ['start'])
    assert.deepEqual(execForm('HEALTHCHECK'), ['node', 'bin/onedoor.mjs', 'health'])
  })

  test('has one version, in its label, in the compose file and in package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    const label = /org\.opencontainers\.image\.version="([^"]*)"/.exec(read('Dockerfile'))?.[1]
    const tag = /^ +image: onedoor:(.*)$/m.exec(read('docker-compose.yml'))?.[1]
    assert.deepEqual([label, tag], [version, version])
  })
})
