/** What is said of a reload, in words. Pure. */

const triggers = {
  start: 'start of the gateway',
  file: 'the file changed',
  SIGHUP: 'SIGHUP',
  admin: 'admin listener',
  program: 'the program around the gateway'
}

/** What a configuration was loaded for. @param {{ trigger: string, restores?: number }} record as `GET /reloads` says */
export function triggerOf ({ trigger, restores }) {
  return restores === undefined ? triggers[trigger] ?? trigger : `restored configuration ${restores}`
}

/** Who asked for it: `127.0.0.1 (session)`; undefined where it was no operator. */
export function whoOf ({ by, via }) {
  return by === undefined ? undefined : `${by} (${via})`
}

/** Words of the result, and the shape that goes with them. */
export const results = { serving: 'good', served: 'off', refused: 'warning' }

/** `gateway.yaml:3:1` and the message, of one line as `onedoor check` prints it. A warning may have no place. */
export function warningOf (line) {
  const [, place, text] = /^(\S.*?) {2}(?:warning: )?(.*)$/s.exec(line) ?? []
  return place === undefined ? { text: line.replace(/^warning: /, '') } : { place, text }
}

/** Those with which a configuration can be compared: it was not refused, so that there is a text of it. */
export function comparable (records, number) {
  return records.filter(other => other.generation !== undefined && other.number !== number)
}

/** The record of what served before; undefined where it is not kept. */
export function before (records, { generation }) {
  return generation === undefined ? undefined : records.find(other => other.generation === generation - 1)
}
