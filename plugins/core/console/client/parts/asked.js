/** What a JSON route says, for a view. */

import { useEffect, useState } from '../preact.js'
import { ask } from '../api.js'
import { begin } from '../session.js'

/**
 * Asks the route when the view opens, when `path` or `after` becomes another, and every `every` milliseconds while the page can be seen.
 * Nothing is asked while `path` is undefined. A problem leaves the last value where it is.
 *
 * @param {string | undefined} path
 * @param {{ every?: number, after?: unknown }} options `after` is what changes the response, such as the generation
 * @returns {{ value?: any, problem?: Error, again: () => void }} `again` asks now
 */
export function useAsked (path, { every, after } = {}) {
  const [answer, setAnswer] = useState({})
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === undefined) return
    const ended = new AbortController()
    const { signal } = ended
    const get = async () => {
      try {
        const value = await ask(path, { signal })
        setAnswer({ path, value })
      } catch (problem) {
        if (signal.aborted) return
        if (problem.status === 401) void begin()
        setAnswer(last => ({ ...last, path, value: last.path === path ? last.value : undefined, problem }))
      }
    }
    const getIfSeen = () => { if (document.visibilityState === 'visible') void get() }
    void get()
    const timer = every === undefined ? undefined : setInterval(getIfSeen, every)
    return () => {
      clearInterval(timer)
      ended.abort()
    }
  }, [path, every, after, turn])
  // An answer to another path is not shown as one to this.
  const { value, problem } = answer.path === path ? answer : {}
  return { value, problem, again: () => setTurn(turn + 1) }
}
