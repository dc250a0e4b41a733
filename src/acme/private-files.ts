/** Files that only the user of the gateway may read. Others see a file as it was or as it is, never a part of it. */

import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a folder and those above it. Those that exist keep their permissions. */
export async function makePrivateFolder (path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** Replaces a file, or makes it. */
export async function writePrivate (path: string, text: string): Promise<void> {
  await throughOther(path, text, async other => await rename(other, path))
}

/** Makes a file. Returns false when there is one, and leaves that as it is. */
export async function createPrivate (path: string, text: string): Promise<boolean> {
  try {
    await throughOther(path, text, async other => await link(other, path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** The text of a file; undefined when the file does not exist. */
export async function readIfThere (path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes another file beside it, down to the disk, and then puts that one in place. */
async function throughOther (path: string, text: string, place: (other: string) => Promise<void>): Promise<void> {
  await makePrivateFolder(dirname(path))
  // Other gateways ignore names that begin with a dot when they list the folder.
  const other = `${dirname(path)}/.${randomUUID()}`
  try {
    const file = await open(other, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await place(other)
  } finally {
    await rm(other, { force: true })
  }
}
