/** Sends requests to the admin listener of the running gateway. */

import type { Static } from 'typebox'
import { readDocument } from '../config/read/document.ts'
import { AdminSchema } from '../config/schema/process-schema.ts'
import { validate } from '../config/check/validate.ts'
import type { Arguments } from './command.ts'
import { environmentFor } from './environment.ts'
import { chooseFile } from './file-choice.ts'
import type { Io } from './io.ts'

/** A request to the admin listener. */
export interface AdminRequest {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  /** Milliseconds to wait for the complete response. */
  readonly timeout?: number
  /** The index of the positional argument that may name the configuration file. */
  readonly place?: number
}

export interface AdminAnswer {
  readonly status: number
  /** The parsed JSON, or the text. */
  readonly body: unknown
}

/**
 * Sends a request. Address and token come from the command line, or else from the configuration.
 * @throws Error with a readable message when there is no response
 */
export async function askAdmin (
  { path, method = 'GET', timeout = 10_000, place }: AdminRequest,
  args: Arguments,
  io: Io
): Promise<AdminAnswer> {
  const url = args.text('url')
  const configured = url !== undefined && args.text('token') !== undefined
    ? undefined
    : readAdmin(chooseFile(args, io, place), io, url !== undefined)
  const base = url ?? addressOf(configured!)
  const token = args.text('token') ?? configured?.token
  return await ask(new URL(path, base), { method, timeout, ...(token === undefined || token === '' ? {} : { token }) })
}

/**
 * Sends a request and reads the response.
 * @throws Error with a readable message when there is no response
 */
export async function ask (url: URL, { method, timeout, token }: {
  readonly method: 'GET' | 'POST',
  readonly timeout: number,
  readonly token?: string
}): Promise<AdminAnswer> {
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(timeout),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` }
    })
    return { status: response.status, body: parsed(await response.text()) }
  } catch (error) {
    throw new Error(`no response from ${url.origin}: ${whyNot(error as Error, timeout)}`, { cause: error })
  }
}

/**
 * Reads only the `admin` part of a configuration, without the rest and without plugins. A health check must be fast, and must not fail
 * because of a problem elsewhere in a file that is being edited.
 */
function readAdmin (file: string, io: Io, optional: boolean): Static<typeof AdminSchema> {
  const { document, problems } = readDocument(file, { env: environmentFor(file, io.env) })
  const written = (document?.value as { admin?: unknown } | undefined)?.admin ?? {}
  const { value, problems: wrong } = validate(AdminSchema, written, '/admin')
  if (!optional && (document === undefined || wrong.length > 0)) {
    throw new Error(`${file} does not contain the address of the admin listener: ${(wrong[0] ?? problems[0])?.message ?? 'it is empty'}`)
  }
  return wrong.length > 0 ? { enabled: true, host: '127.0.0.1', port: 0, allowedHosts: [] } : value as Static<typeof AdminSchema>
}

function addressOf ({ enabled, host, port }: Static<typeof AdminSchema>): string {
  if (!enabled) throw new Error('the configuration has no admin listener (admin.enabled)')
  if (port === 0) throw new Error('the configuration lets the system choose the admin port (admin.port: 0): give its address with --url')
  // A listener on all addresses is reached on loopback.
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function whyNot (error: Error, timeout: number): string {
  if (error.name === 'TimeoutError') return `none within ${timeout} ms`
  const cause = error.cause as NodeJS.ErrnoException | undefined
  return cause?.code === 'ECONNREFUSED' ? 'nothing listens there; is the gateway running?' : cause?.message ?? error.message
}
