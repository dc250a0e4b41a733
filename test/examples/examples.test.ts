import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { certificateFiles } from './certificates.ts'
import { curl, curlCommands, fits } from './curl.ts'
import { root, startExample } from './example.ts'
import { write, yamlBlocks } from './yaml-block.ts'

const pages = (patterns: string[]): string[] => globSync(patterns, { cwd: root, exclude: ['node_modules/**'] }).toSorted()
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

suite('every example', () => {
  for (const file of pages(['gateway.yaml', 'examples/**/gateway.yaml'])) {
    test(`${file} is sound and has nothing to warn of`, async t => {
      const { warnings } = await load(withCertificates(t, file))
      assert.deepEqual(warnings.map(problem => formatProblem(problem, () => undefined)), [])
    })
  }

  for (const file of pages(['examples/*/README.md'])) {
    const name = file.split('/')[1]!
    const commands = curlCommands(read(file))
    if (commands.length === 0) continue
    test(`the commands of ${file} print what it says they print`, async t => {
      const { moved } = await startExample(t, name)
      const token = mint({ secret: 'your-secret-of-at-least-32-characters' }, { sub: 'developer', now: Date.now(), expiresIn: 60_000 })
      for (const { text, output } of commands) {
        const lines = await curl(moved(text.replace('$TOKEN', token)))
        for (const shown of output.map(moved)) {
          assert.ok(lines.some(line => fits(line, shown)), `${text}\nprints no line "${shown}", but\n${lines.join('\n')}`)
        }
      }
    })
  }
})

suite('every YAML block of the documentation', () => {
  for (const file of pages(['README.md', 'docs/**/*.md', 'examples/**/*.md'])) {
    for (const { line, files } of yamlBlocks(read(file))) {
      test(`${file}:${line} is sound`, async t => {
        await load(write(t, files))
      })
    }
  }
})

/** The path of an example, of a copy with certificates where it needs some. */
function withCertificates (t: TestContext, file: string): string {
  const files = certificateFiles(read(file))
  return Object.keys(files).length === 0 ? join(root, file) : write(t, { 'gateway.yaml': read(file), ...files })
}

/** Loads a configuration; what is wrong with it fails the test as a person would see it. */
async function load (file: string): ReturnType<typeof loadConfig> {
  try {
    return await loadConfig(file, { env: {}, rootPlugins })
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error
    return assert.fail(error.problems.map(problem => formatProblem(problem, error.source)).join('\n'))
  }
}
