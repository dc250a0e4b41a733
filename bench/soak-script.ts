/** Requests of all kinds in turn, as a script for wrk. */

import { jsonOf } from './load.ts'

/**
 * Seven of ten requests are good: five with a new path each, two with a body.
 * The others have no token, an invalid token, or a path without a route.
 */
export function soakScript (host: string, token: string): string {
  const fields = (more: string): string => `Host: ${host}\\r\\nUser-Agent: soak\\r\\nAccept: */*\\r\\n${more}\\r\\n`
  const good = fields(`Authorization: Bearer ${token}\\r\\n`)
  const bodied = fields(`Authorization: Bearer ${token}\\r\\nContent-Type: application/json\\r\\nContent-Length: 1024\\r\\n`)
  return `local body = '${jsonOf(1024)}'
local turn = 0
function request ()
  turn = turn + 1
  local kind = turn % 10
  local path = '/api/users/' .. turn .. '?page=' .. kind
  if kind < 5 then return 'GET ' .. path .. ' HTTP/1.1\\r\\n${good}' end
  if kind < 7 then return 'POST ' .. path .. ' HTTP/1.1\\r\\n${bodied}' .. body end
  if kind == 7 then return 'GET ' .. path .. ' HTTP/1.1\\r\\n${fields('')}' end
  if kind == 8 then return 'GET ' .. path .. ' HTTP/1.1\\r\\n${fields('Authorization: Bearer a.b.\\r\\n')}' end
  return 'GET /nowhere/' .. turn .. ' HTTP/1.1\\r\\n${good}'
end
`
}
