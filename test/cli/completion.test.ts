/** The scripts with which shells complete a command line. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { commands } from '../../src/cli/commands.ts'
import { folder } from '../config/folder.ts'
import { commandLine } from './captured.ts'

async function script (shell: string, t: Parameters<typeof commandLine>[0]): Promise<string> {
  const { status, stdout } = await commandLine(t).onedoor('completion', shell)
  assert.equal(status, 0)
  return stdout
}

/** What bash offers for command lines, the last word of which is being written. */
function offers (completion: string, cwd: string, lines: readonly (readonly string[])[]): string[][] {
  const quote = (text: string) => `'${text}'`
  const asked = lines.map(words => `COMP_WORDS=(${words.map(quote).join(' ')}) COMP_CWORD=${words.length - 1}; _onedoor; ` +
    'printf "%s|" "${COMPREPLY[@]}"; echo')
  const { stdout, stderr } = spawnSync('bash', ['--norc'], { input: [completion, ...asked].join('\n'), cwd, encoding: 'utf8' })
  assert.equal(stderr, '')
  return stdout.trimEnd().split('\n').map(line => line.split('|').filter(word => word !== '').toSorted())
}

test('bash completes commands, options, their values and files', async t => {
  const cwd = folder(t, { 'gateway.yaml': '', 'other file.yaml': '' })
  const names = commands.map(({ name }) => name)
  const cases: [string[], string[]][] = [
    [['onedoor', 'undr'], ['undrain']],
    [['onedoor', ''], [...names, 'gateway.yaml', 'other file.yaml'].toSorted()],
    [['onedoor', 'start', 'oth'], ['other file.yaml']],
    [['onedoor', 'start', '--p'], ['--port']],
    [['onedoor', '--p'], ['--port']],
    [['onedoor', 'start', '--log-level', 'd'], ['debug']],
    [['onedoor', 'start', '--port', ''], []],
    [['onedoor', '-c', 'gateway.yaml', 'drain', '--f'], ['--for', '--force']],
    [['onedoor', 'drain', ''], []],
    [['onedoor', 'check', '-c', 'gate'], ['gateway.yaml']],
    [['onedoor', 'completion', ''], ['bash', 'fish', 'zsh']],
    [['onedoor', 'log-level', 'w'], ['warn']]
  ]
  assert.deepEqual(offers(await script('bash', t), cwd, cases.map(([words]) => words)), cases.map(([, expected]) => expected))
})

test('zsh and fish get every command with all of its options', async t => {
  for (const shell of ['zsh', 'fish']) {
    const text = await script(shell, t)
    for (const { name, options } of commands) {
      assert.ok(text.includes(shell === 'zsh' ? `\n        ${name})\n` : `__fish_seen_subcommand_from ${name}'`), name)
      for (const option of Object.keys(options)) assert.ok(text.includes(shell === 'zsh' ? `--${option}` : ` -l ${option} `), option)
    }
    // An apostrophe in a description must not end its quotes.
    assert.equal(text.replaceAll(/\\'/g, '').replaceAll(/[^'\n]/g, '').split('\n').every(quotes => quotes.length % 2 === 0), true)
  }
})

test('another shell, or none, is a usage error', async t => {
  const { onedoor } = commandLine(t)
  for (const argv of [[], ['tcsh']]) {
    const { status, stderr } = await onedoor('completion', ...argv)
    assert.deepEqual([status, stderr.includes('bash, zsh, fish')], [2, true])
  }
})
