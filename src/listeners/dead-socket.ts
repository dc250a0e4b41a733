/** A Unix socket that a process has left behind when it was killed. */

import { lstat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'

/** Removes the file of a Unix socket on which nothing listens any more. Leaves every other file alone. */
export async function removeDeadSocket (path: string): Promise<void> {
  const file = await lstat(path).catch(() => undefined)
  if (file?.isSocket() === true && await isDead(path)) await unlink(path)
}

async function isDead (path: string): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code === 'ECONNREFUSED') })
  })
}
