/**
 * The decision in Redis: one Lua script checks and takes all limits of a key atomically. It uses the clock of Redis, so
 * the clocks of gateways do not matter. It implements `rule.ts` and the algorithms in Lua; times are microseconds.
 */

import { createHash } from 'node:crypto'
import type { TimeAlgorithm } from './algorithm.ts'
import type { Rule, WindowVerdict } from './rule.ts'

/** A script, and the digest by which Redis finds it once it is loaded. */
export interface Script {
  readonly source: string
  readonly sha1: string
}

/** The result of the script: the units taken, 0 when rejected, and the state of each limit. */
export interface Grant {
  readonly granted: number
  readonly windows: readonly WindowVerdict[]
}

/**
 * KEYS[1]: the state of one key, numbers with spaces between, gone when it is as good as none.
 * ARGV: algorithm, cost, units beyond it that may be taken too, units that were let through without asking, then
 * capacity and µs of each limit:
 * for a token bucket those between two units, for a window its length.
 * Returns the units taken, then for each limit what is left, µs until it is full, and µs until the request would pass (-1 for never).
 */
export const takeScript: Script = script(`
local algorithm, cost, more, debt = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local state = {}
for number in string.gmatch(redis.call('GET', KEYS[1]) or '', '%S+') do state[#state + 1] = tonumber(number) end

local kinds = {}

kinds['token-bucket'] = { width = 1,
  -- A clock that was set back must not lock anybody out for longer than an empty bucket does.
  read = function (at, capacity, interval)
    local ahead = math.max(0, math.min((state[at] or now) - now, capacity * interval))
    return { used = math.min(ahead + debt * interval, capacity * interval), span = capacity * interval }
  end,
  left = function (it, capacity, interval) return math.floor((it.span - it.used) / interval + 0.001) end,
  wait = function (it, capacity, interval) return it.used + cost * interval - it.span end,
  charge = function (it, units, capacity, interval) it.used = it.used + units * interval end,
  full = function (it) return it.used end,
  write = function (it, at) state[at] = now + it.used end
}

kinds['fixed-window'] = { width = 2,
  read = function (at, limit, window)
    local start, count = state[at] or now, state[at + 1] or 0
    if now - start >= window or start > now then start, count = now, 0 end
    return { start = start, count = count + debt }
  end,
  left = function (it, limit) return limit - it.count end,
  wait = function (it, limit, window) return it.start + window - now end,
  charge = function (it, units) it.count = it.count + units end,
  full = function (it, limit, window) return it.count > 0 and it.start + window - now or 0 end,
  write = function (it, at) state[at], state[at + 1] = it.start, it.count end
}

kinds['sliding-window'] = { width = 3,
  read = function (at, limit, window)
    local start, previous, current = state[at] or now, state[at + 1] or 0, state[at + 2] or 0
    local elapsed = now - start
    if elapsed >= 2 * window or elapsed < 0 then elapsed, previous, current = 0, 0, 0
    elseif elapsed >= window then elapsed, previous, current = elapsed - window, current, 0 end
    return { elapsed = elapsed, previous = previous, current = current + debt }
  end,
  left = function (it, limit, window) return math.floor(limit - it.previous * (1 - it.elapsed / window) - it.current + 0.000001) end,
  wait = function (it, limit, window)
    local room = limit - cost
    if it.current <= room then return window * (1 - (room - it.current) / it.previous) - it.elapsed end
    return window - it.elapsed + window * (1 - room / it.current)
  end,
  charge = function (it, units) it.current = it.current + units end,
  full = function (it, limit, window)
    if it.current > 0 then return 2 * window - it.elapsed end
    return it.previous > 0 and window - it.elapsed or 0
  end,
  write = function (it, at) state[at], state[at + 1], state[at + 2] = now - it.elapsed, it.previous, it.current end
}

local kind = kinds[algorithm]
local limits, granted = {}, cost + more
for i = 5, #ARGV, 2 do
  local capacity, time = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local it = kind.read(#limits * kind.width + 1, capacity, time)
  local left = math.max(0, kind.left(it, capacity, time))
  local wait = 0
  if cost > capacity then wait = -1 elseif left < cost then wait = math.max(1, math.ceil(kind.wait(it, capacity, time))) end
  limits[#limits + 1] = { it = it, capacity = capacity, time = time, wait = wait }
  granted = math.min(granted, left)
end
if granted < cost then granted = 0 end

local reply, ttl = { granted }, 0
for index, limit in ipairs(limits) do
  kind.charge(limit.it, granted, limit.capacity, limit.time)
  kind.write(limit.it, (index - 1) * kind.width + 1)
  local full = kind.full(limit.it, limit.capacity, limit.time)
  ttl = math.max(ttl, full)
  reply[#reply + 1] = math.max(0, kind.left(limit.it, limit.capacity, limit.time))
  reply[#reply + 1] = math.ceil(full)
  reply[#reply + 1] = limit.wait
end
if granted > 0 or debt > 0 then
  local numbers = {}
  for index, number in ipairs(state) do numbers[index] = string.format('%.17g', number) end
  redis.call('SET', KEYS[1], table.concat(numbers, ' '), 'PX', math.max(1, math.ceil(ttl / 1000)))
end
return reply
`)

/**
 * KEYS[1]: gateways by the time they were last heard of. KEYS[2]: a word that is lost only together with everything else.
 * ARGV: this gateway, how long one counts after it was last heard of (µs), a word for when there is none.
 * Returns the number of gateways, this one included, and the word. It writes, as decisions do: a Redis that can only be read is of no use.
 */
export const heartbeatScript: Script = script(`
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], math.ceil(tonumber(ARGV[2]) / 500))
redis.call('SET', KEYS[2], ARGV[3], 'NX')
return { redis.call('ZCARD', KEYS[1]), redis.call('GET', KEYS[2]) }
`)

/** KEYS[1]: a key that is as good as new afterwards. Returns 1 where it was not. */
export const forgetScript: Script = script(`
return { redis.call('DEL', KEYS[1]) }
`)

/** The limits of a policy as arguments of {@link takeScript}; they follow the first four. */
export function scriptArguments (algorithm: TimeAlgorithm, rules: readonly Rule[]): string[] {
  return rules.flatMap(({ rate, capacity }) => [
    capacity,
    (algorithm === 'token-bucket' ? rate.window / rate.limit : rate.window) * 1000
  ].map(String))
}

/** Reads what {@link takeScript} returned. */
export function readGrant (reply: readonly number[]): Grant {
  const [granted = 0, ...numbers] = reply
  const windows: WindowVerdict[] = []
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    const wait = numbers[at + 2]!
    windows.push({ left: numbers[at]!, fullAfter: numbers[at + 1]! / 1000, wait: wait < 0 ? Infinity : wait / 1000 })
  }
  return { granted, windows }
}

function script (source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') }
}
