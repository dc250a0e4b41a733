/** The requests of a scenario, as a script for wrk and as one request for a check. */

import type { Load } from './scenario.ts'

/** Nine header fields, with Host. The same in every scenario, so that figures of different ones can be compared. */
export function headersOf (load: Load, host: string, token: string): Record<string, string> {
  return {
    Host: host,
    'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    Accept: 'application/json, text/plain, */*',
    'Accept-Language': 'en-US,en;q=0.5',
    'Accept-Encoding': 'gzip, deflate, br',
    Authorization: `Bearer ${token}`,
    Referer: 'https://shop.example/account',
    Cookie: 'session=6b1f0c9e4a7d4f3f8f0a; theme=dark',
    'Cache-Control': 'no-cache',
    ...(load.body === 0 ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(load.body) })
  }
}

/** JSON of exactly so many bytes. */
export function jsonOf (bytes: number): string {
  const [head, tail] = ['{"id":42,"name":"Ada Lovelace","note":"', '"}']
  return `${head}${'x'.repeat(Math.max(0, bytes - head.length - tail.length))}${tail}`
}

/** A script that sends the requests of a load in turn. They are put together once, so that wrk spends nothing on them. */
export function wrkScript (load: Load, host: string, token: string): string {
  const head = Object.entries(headersOf(load, host, token)).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const rest = `${head}\r\n${load.body === 0 ? '' : jsonOf(load.body)}`
  const method = load.body === 0 ? 'GET' : 'POST'
  return [
    `local rest = ${quoted(rest)}`,
    'local requests = {}',
    `for path in (${quoted(load.paths.join('\n'))}):gmatch('[^\\n]+') do`,
    `  requests[#requests + 1] = '${method} ' .. path .. ' HTTP/1.1\\r\\n' .. rest`,
    'end',
    'local turn = 0',
    'function request ()',
    '  turn = turn % #requests + 1',
    '  return requests[turn]',
    'end',
    ''
  ].join('\n')
}

/** A string of Lua. */
function quoted (text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`
}
