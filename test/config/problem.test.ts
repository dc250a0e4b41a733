import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, formatProblem, formatProblems, listProblems, withoutFollowUps } from '../../src/config/check/problem.ts'
import { nearest } from '../../src/config/check/nearest.ts'
import type { Problem } from '../../src/config/check/problem.ts'

const position = { file: 'gateway.yaml', line: 2, column: 3, length: 4 }
const text = 'server:\n  prot: 8080\n'
const problem: Problem = {
  severity: 'error',
  pointer: '/server/prot',
  at: 'key',
  message: 'unknown key "prot"',
  hint: 'did you mean "port"?',
  position
}

const words = ['trustProxy', 'port', 'hash', 'round-robin', 'least-connections', 'ip']
for (const [word, meant] of [
  ['trustProxi', 'trustProxy'], ['trust_proxy', 'trustProxy'], ['TRUSTPROXY', 'trustProxy'], ['prot', 'port'], ['hsh', 'hash'],
  ['roundrobin', 'round-robin'], ['least-conections', 'least-connections'], ['upstream', undefined], ['x', undefined], ['', undefined]
] as const) {
  test(`"${word}" is taken for ${meant === undefined ? 'no known word' : `"${meant}"`}`, () => {
    assert.equal(nearest(word, words), meant)
  })
}

test('of two similar words the closer one is suggested', () => {
  assert.equal(nearest('helth', ['wealth', 'health']), 'health')
})

test('a very long word is not compared', () => {
  assert.equal(nearest('a'.repeat(100_000), ['a'.repeat(100_001)]), undefined)
})

test('a problem is shown with its place, its line and a caret under the word', () => {
  assert.equal(formatProblem(problem, () => text), [
    'gateway.yaml:2:3  unknown key "prot" — did you mean "port"?',
    '   2 |   prot: 8080',
    '     |   ^^^^'
  ].join('\n'))
})

test('a problem whose file is not at hand is one line', () => {
  assert.equal(formatProblem(problem, () => undefined), 'gateway.yaml:2:3  unknown key "prot" — did you mean "port"?')
})

test('a problem without a place is shown by its pointer', () => {
  assert.equal(formatProblem({ severity: 'error', pointer: '/routes/0', message: 'is wrong' }, () => text), '/routes/0  is wrong')
})

test('a warning says that it is one', () => {
  assert.match(formatProblem({ ...problem, severity: 'warning' }, () => text), /^gateway\.yaml:2:3 {2}warning: unknown key/)
})

test('colours do not change what is written', () => {
  const colored = formatProblem(problem, () => text, true)
  assert.notEqual(colored, formatProblem(problem, () => text))
  // oxlint-disable-next-line no-control-regex
  assert.equal(colored.replaceAll(/\u001B\[\d+m/g, ''), formatProblem(problem, () => text))
})

test('a secret is masked in the line that is shown', () => {
  const secret: Problem = {
    severity: 'error',
    pointer: '/secret',
    message: 'needs at least 8 characters',
    secret: true,
    position: { file: 'f', line: 1, column: 9, length: 7 }
  }
  assert.equal(formatProblem(secret, () => 'secret: hunter2 # ours'), [
    'f:1:9  needs at least 8 characters',
    '   1 | secret: ******* # ours',
    '     |         ^^^^^^^'
  ].join('\n'))
})

test('a long line is cut around the place, and the caret stays under it', () => {
  const line = `${'a'.repeat(300)}HERE${'b'.repeat(300)}`
  const [, shown, caret] = formatProblem({ ...problem, position: { file: 'f', line: 1, column: 301, length: 4 } }, () => line).split('\n')
  assert.ok(shown!.length < 140)
  assert.equal(shown!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1), 'HERE')
})

test('a tab before the place does not shift the caret', () => {
  const [, shown, caret] = formatProblem({ ...problem, position: { file: 'f', line: 1, column: 4, length: 1 } }, () => 'a:\tX').split('\n')
  assert.equal(shown![caret!.indexOf('^')], 'X')
})

test('control characters of a file do not reach the terminal', () => {
  const shown = formatProblem(
    { ...problem, message: 'got "\u001B[2J"', position: { file: 'f', line: 1, column: 1, length: 1 } },
    () => 'x\u001B]0;owned\u0007'
  )
  assert.doesNotMatch(shown, /[\u0007\u001B]/)
})

test('the message of a ConfigError is all problems, one a line', () => {
  const error = new ConfigError([problem, { severity: 'error', pointer: '/routes', message: 'two\nlines' }])
  assert.equal(error.code, 'CONFIG_INVALID')
  assert.equal(error.message, 'gateway.yaml:2:3  unknown key "prot" — did you mean "port"?\n/routes  two lines')
})

test('a problem below a wrong value, and the same problem twice, are left out', () => {
  const at = (
    pointer: string,
    message: string,
    extra: Partial<Problem> = {}
  ): Problem => ({ severity: 'error', pointer, message, ...extra })
  const kept = withoutFollowUps([
    at('/a', 'wrong'), at('/a/b', 'follow-up'), at('/ab', 'another'), at('/c', 'unknown key', { at: 'key' }),
    at('/c/d', 'its own'), at('/e', 'careful', { severity: 'warning' }), at('/e', 'wrong too'), at('/a', 'again')
  ])
  assert.deepEqual(kept.map(({ pointer, message }) => `${pointer} ${message}`), [
    '/a wrong', '/ab another', '/c unknown key', '/c/d its own', '/e careful', '/e wrong too'
  ])
})

const many = (count: number): Problem[] => Array.from(
  { length: count },
  (_, index) => ({ ...problem, position: { file: `f${index % 2}`, line: 1, column: 1, length: 1 } })
)

test('however many problems there are, every file is looked at once', () => {
  const asked: string[] = []
  const source = (file: string): string => { asked.push(file); return 'server:' }
  assert.deepEqual(formatProblems(many(300), source), many(300).map(one => formatProblem(one, () => 'server:')))
  assert.deepEqual(asked, ['f0', 'f1'])
})

test('a log is told a hundred problems and how many there are besides', () => {
  assert.equal(listProblems(many(100), () => undefined).length, 100)
  const some = listProblems(many(101), () => undefined)
  assert.equal(some.length, 101)
  assert.equal(some.at(-1), 'and 1 more')
  assert.equal(new ConfigError(many(250)).message.split('\n').at(-1), 'and 150 more')
  assert.equal(new ConfigError(many(250)).problems.length, 250)
})
