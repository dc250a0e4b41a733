import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import packageJson from '../../package.json' with { type: 'json' }
import { commands } from '../../src/cli/commands.ts'
import { commandLine } from './captured.ts'

suite('the command line', () => {
  test('--help lists every command, and is no error', async t => {
    const { onedoor } = commandLine(t)
    const { status, stdout, stderr } = await onedoor('--help')
    assert.equal(status, 0)
    assert.equal(stderr, '')
    for (const { name } of commands) assert.match(stdout, new RegExp(`^  ${name} `, 'm'))
  })

  for (const { name, options } of commands) {
    test(`help for ${name} shows its options and how it is used`, async t => {
      const { onedoor } = commandLine(t)
      const { status, stdout } = await onedoor(name, '--help')
      assert.equal(status, 0)
      assert.match(stdout, new RegExp(`usage {2}onedoor ${name}`))
      assert.match(stdout, /^examples\n {2}\S/m)
      for (const option of Object.keys(options)) assert.ok(stdout.includes(`--${option}`))
      assert.equal((await onedoor('help', name)).stdout, stdout)
    })
  }

  test('--version says which version it is', async t => {
    const { onedoor } = commandLine(t)
    for (const argv of [['--version'], ['-v'], ['version'], ['check', '-v']]) {
      assert.match((await onedoor(...argv)).stdout, new RegExp(`^onedoor ${packageJson.version.replaceAll('.', '\\.')} `))
    }
  })

  for (const [what, argv, said] of [
    ['a misspelt command', ['chek'], /unknown command "chek" — did you mean "check"\?/],
    ['a command that is like none', ['frobnicate'], /unknown command "frobnicate" — commands: start, check/],
    ['a misspelt option', ['check', '--jsn'], /unknown option --jsn — did you mean --json\?/],
    ['an option without its value', ['check', '-c'], /-c needs a value: -c FILE/],
    ['an option whose value is another option', ['check', '--config', '--json'], /--config needs a value/],
    ['a switch with a value', ['check', '--json=yes'], /--json takes no value/],
    ['an option given twice', ['check', '-c', 'a.yaml', '-c', 'b.yaml'], /--config is given twice/],
    ['two configuration files', ['check', 'a.yaml', '-c', 'b.yaml'], /two configuration files: a\.yaml and b\.yaml/],
    ['one argument too many', ['check', 'a.yaml', 'b.yaml'], /"b\.yaml" is one argument too many/],
    ['explain without a request', ['explain'], /which request\?/],
    ['explain with something that is no URL', ['explain', 'GET', 'users'], /"users" is neither a path nor a URL/],
    ['explain with something that is no header', ['explain', '/users', '-H', 'nonsense'], /"nonsense" is not a header/],
    ['a lifetime that is none', ['token', '--expires', '60'], /--expires 60 is not a duration/]
  ] as const) {
    test(`${what} ends with status 2 and says what was meant`, async t => {
      const { onedoor } = commandLine(t)
      const { status, stdout, stderr } = await onedoor(...argv)
      assert.equal(status, 2)
      assert.match(stderr, said)
      assert.equal(stdout, '')
    })
  }

  test('colours are for terminals only, and NO_COLOR takes them away there too', async t => {
    const esc = '\u001B['
    assert.ok((await commandLine(t, { terminal: true }).onedoor('--help')).stdout.includes(esc))
    assert.ok(!(await commandLine(t).onedoor('--help')).stdout.includes(esc))
    assert.ok(!(await commandLine(t, { terminal: true, env: { NO_COLOR: '1' } }).onedoor('--help')).stdout.includes(esc))
  })
})
