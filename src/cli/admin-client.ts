/** Sends requests to the admin listener of the running gateway. */

import type { IncomingMessage, RequestOptions } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { nodeHttp } from '../http/node-http.ts'
import { addressOf, readAdmin } from './admin-section.ts'
import type { Arguments } from './command.ts'
import { chooseFile } from './file-choice.ts'
import type { Io } from './io.ts'

type Method = 'GET' | 'POST' | 'PUT'

/** A request to the admin listener. */
export interface AdminRequest {
  readonly path: string
  readonly method?: Method
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
    : await readAdmin(chooseFile(args, io, place), io, url !== undefined)
  const base = url ?? addressOf(configured!)
  const token = args.text('token') ?? configured?.token
  return await ask(new URL(path, base), { method, timeout, ...(token === undefined || token === '' ? {} : { token }) })
}

/**
 * Returns the body of a response.
 * @throws Error with what the gateway says, when the status is not 200
 */
export function contentOf ({ status, body }: AdminAnswer): unknown {
  if (status === 200) return body
  const { title, detail } = (typeof body === 'object' && body !== null ? body : {}) as { readonly title?: string, readonly detail?: string }
  const said = [title, detail].filter(text => text !== undefined).join(': ')
  const hint = status === 401 ? ' (give it with --token, or as admin.token of the configuration)' : ''
  throw new Error(`the gateway responded with ${status}${said === '' ? '' : ` ${said}`}${hint}`)
}

/**
 * Sends a request and reads the response.
 * @throws Error with a readable message when there is no response
 */
export async function ask (url: URL, { method, timeout, token }: {
  readonly method: Method,
  readonly timeout: number,
  readonly token?: string
}): Promise<AdminAnswer> {
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    // Not `fetch`, which costs a health check more than everything else that it does.
    const response = await send(url, { method, headers, signal: AbortSignal.timeout(timeout) })
    return { status: response.statusCode!, body: parsed(await textOf(response)) }
  } catch (error) {
    throw new Error(`no response from ${url.origin}: ${whyNot(error as Error, timeout)}`, { cause: error })
  }
}

async function send (url: URL, options: RequestOptions): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : nodeHttp
  return await new Promise((resolve, reject) => {
    // No connection is kept for another request: the process would wait for it.
    request(url, { ...options, agent: false }, resolve).on('error', reject).end()
  })
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function whyNot (error: Error, timeout: number): string {
  if (error.name === 'TimeoutError' || (error.cause as Error | undefined)?.name === 'TimeoutError') return `none within ${timeout} ms`
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'nothing listens there; is the gateway running?' : error.message
}
