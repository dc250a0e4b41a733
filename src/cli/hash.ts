/** `onedoor hash`: hashes a key or password for the configuration. */

import { hash as digest, randomBytes } from 'node:crypto'
import { hashPassword } from '../identity/password-hash.ts'
import type { Arguments } from './command.ts'
import { exit, type Io } from './io.ts'

/** The most bytes of a secret. */
const longest = 4096

/** The shortest key without a warning. 22 random base64 characters have 128 bits. */
const shortestKey = 22

export async function hash (args: Arguments, io: Io): Promise<number> {
  const generate = args.has('generate')
  const secret = generate ? randomBytes(32).toString('base64url') : await readSecret(io)
  const hashed = args.has('password') ? await hashPassword(secret, randomBytes(16)) : hashKey(secret, io)
  io.stdout.write(generate ? `${secret}\n${hashed}\n` : `${hashed}\n`)
  return exit.ok
}

function hashKey (key: string, { stderr }: Io): string {
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error('a key consists of visible ASCII characters; a password is hashed with --password')
  if (key.length < shortestKey) {
    stderr.write(`onedoor: a key this short can be guessed by anyone who has its hash — onedoor hash --generate\n`)
  }
  return `sha256:${digest('sha256', key, 'hex')}`
}

/** Reads standard input, without the line break that `echo` and the Enter key add at the end. */
async function readSecret ({ stdin, stderr }: Io): Promise<string> {
  if (stdin.isTTY === true) stderr.write('onedoor: type the secret, then Enter and Ctrl+D\n')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk))
    length += chunk.length
    if (length > longest) throw new Error(`the secret is longer than ${longest} bytes`)
  }
  const bytes = Buffer.concat(chunks)
  const secret = bytes.toString().replace(/\r?\n$/, '')
  if (secret === '') throw new Error('there is no secret on standard input; --generate creates one')
  if (!Buffer.from(bytes.toString()).equals(bytes)) throw new Error('the secret is not UTF-8')
  if (/\p{Cc}/u.test(secret)) throw new Error('the secret has control characters in it, such as a line break')
  return secret
}
