/** Ends with npm. Like the launcher itself this must parse on Node 12, so its syntax is old. */

/** In milliseconds. */
const interval = 500

/**
 * Calls `stop` once when the process that started this one is gone, where npm runs it (`npm start`, `npx onedoor`). npm passes SIGTERM to
 * the shell in between, which ends and leaves its child behind. A script with `&` means to leave it behind.
 */
export function whenNpmEnds (env, stop) {
  if (env.npm_lifecycle_event === undefined || /(^|[^&])&($|[^&])/.test(env.npm_lifecycle_script || '')) return
  const parent = process.ppid
  const timer = setInterval(function () {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, interval)
  timer.unref()
}
