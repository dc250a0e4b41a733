/** Tells when a file has new content, whichever way an editor, `mv` or Kubernetes put it there. */
import { realpathSync, statSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fingerprint } from './read/text-file.ts'
import type { Print, SeenFiles } from './read/text-file.ts'

export interface FileWatch {
  close (): void
  /** Watches these instead. The state in which one was read counts as known; of one without such a state, what it is now. */
  update (files: readonly string[] | SeenFiles): void
}

/** Some file systems (NFS, some containers' mounts) send no events. */
const pollInterval = 2000

/**
 * Calls `onChange` when the content of a file, or the names in a folder, differ from what they were; `debounce`
 * milliseconds after the last event. A file that is gone counts when it is still gone then. Never keeps the process
 * alive, never throws for files or folders that are missing.
 */
export function watchFiles (files: readonly string[] | SeenFiles, onChange: () => void, options: { readonly debounce?: number } = {}): FileWatch {
  return new Watch(files, onChange, options.debounce ?? 50)
}

class Watch implements FileWatch {
  readonly #onChange: () => void
  readonly #debounce: number
  readonly #poll: NodeJS.Timeout
  readonly #watchers = new Map<string, FSWatcher>()
  #known = new Map<string, Print>()
  #pending: NodeJS.Timeout | undefined
  #closed = false

  constructor (files: readonly string[] | SeenFiles, onChange: () => void, debounce: number) {
    this.#onChange = onChange
    this.#debounce = debounce
    this.#poll = setInterval(() => this.#pollOnce(), pollInterval).unref()
    this.update(files)
  }

  update (files: readonly string[] | SeenFiles): void {
    if (this.#closed) return
    const seen = files instanceof Map ? [...files as SeenFiles] : [...files as readonly string[]].map((file) => [file, undefined] as const)
    this.#known = new Map(seen.map(([file, print]) => [resolve(file), print]))
    // First the watchers, then the look: a change between the two is seen by either.
    this.#watchFolders()
    for (const [file, print] of this.#known) if (print === undefined) this.#known.set(file, fingerprint(file))
    // What was saved between the reading and the watching.
    if (this.#changed()) this.#schedule()
  }

  close (): void {
    this.#closed = true
    clearInterval(this.#poll)
    clearTimeout(this.#pending)
    this.#unwatch()
  }

  /** Folders, not files: a watch on a file follows the old inode after a rename and hears nothing more. */
  #watchFolders (): void {
    const folders = new Set([...this.#known.keys()].flatMap(foldersOf))
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchFolder(folder)
  }

  #watchFolder (folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#schedule())
      watcher.on('error', () => {
        watcher.close()
        if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder)
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // The folder is gone again, or the system has no watches left: the poll looks on.
    }
  }

  #unwatch (): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #schedule (): void {
    if (this.#closed) return
    clearTimeout(this.#pending)
    this.#pending = setTimeout(() => this.#look(), this.#debounce).unref()
  }

  /** Also the poll may meet a file between its removal and its return, so it looks a second time. */
  #pollOnce (): void {
    if (this.#changed()) setTimeout(() => this.#look(), this.#debounce).unref()
  }

  #look (): void {
    if (this.#closed) return
    const changed = this.#changed()
    // A folder that was replaced has another inode: its old watch is deaf.
    if (changed) this.#unwatch()
    this.#watchFolders()
    if (!changed) return
    // Once more, for what happened while nothing was watched.
    for (const [file, print] of this.#known) this.#known.set(file, fingerprint(file) ?? print)
    this.#onChange()
  }

  /** Where the system cannot say how a file is, it counts as unchanged: that it has no descriptors left says nothing about the file. */
  #changed (): boolean {
    for (const [file, known] of this.#known) {
      const now = fingerprint(file)
      if (now !== undefined && now !== known) return true
    }
    return false
  }
}

/** The folder of a file or the nearest one that exists, and where a symbolic link leads to. */
function foldersOf (file: string): string[] {
  if (isFolder(file)) return [file]
  let folder = dirname(file)
  while (!isFolder(folder) && folder !== dirname(folder)) folder = dirname(folder)
  try {
    return [folder, dirname(realpathSync(file))]
  } catch {
    return [folder]
  }
}

function isFolder (file: string): boolean {
  try {
    return statSync(file).isDirectory()
  } catch {
    return false
  }
}
