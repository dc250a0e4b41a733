/** Reports when a file has new content, whichever way an editor, `mv` or Kubernetes put it there. */
import { watch, type FSWatcher } from 'node:fs'
import { resolve } from 'node:path'
import { fingerprint, type Print, type SeenFiles } from '../read/text-file.ts'
import { watchPoints, type WatchPoint } from './watch-points.ts'

/** A running watch on some files. */
export interface FileWatch {
  close (): void
  /** Watches these files instead. The state in which a file was read counts as known; for a file without one, its state now. */
  update (files: readonly string[] | SeenFiles): void
}

export interface WatchOptions {
  /** Milliseconds between the last event and the comparison. */
  readonly debounce?: number
  /** Milliseconds between two comparisons without an event: some file systems (NFS, mounts of some containers) send none. */
  readonly poll?: number
}

/** A program that never stops writing puts the comparison off by at most this many times the debounce. */
const mostDebounces = 10

/**
 * Calls `onChange` when the content of a file, or the list of names in a folder, differs from what it was. A file that is removed
 * counts when it is still missing after the debounce. Never keeps the process alive, and never throws for files or folders that are
 * missing.
 */
export function watchFiles (files: readonly string[] | SeenFiles, onChange: () => void, options: WatchOptions = {}): FileWatch {
  return new Watch(files, onChange, options)
}

class Watch implements FileWatch {
  readonly #onChange: () => void
  readonly #debounce: number
  readonly #poll: NodeJS.Timeout
  readonly #watchers = new Map<string, FSWatcher>()
  #points: ReadonlyMap<string, WatchPoint> = new Map()
  #known = new Map<string, Print>()
  #pending: NodeJS.Timeout | undefined
  #firstEventAt = 0
  #closed = false

  constructor (files: readonly string[] | SeenFiles, onChange: () => void, { debounce = 50, poll = 2000 }: WatchOptions) {
    this.#onChange = onChange
    this.#debounce = debounce
    this.#poll = setInterval(() => this.#pollOnce(), poll).unref()
    this.update(files)
  }

  update (files: readonly string[] | SeenFiles): void {
    if (this.#closed) return
    const seen = files instanceof Map ? [...files as SeenFiles] : [...files as readonly string[]].map(file => [file, undefined] as const)
    this.#known = new Map(seen.map(([file, print]) => [resolve(file), print]))
    // The watchers come first: a change between the two steps is then seen by one of them.
    this.#watchFolders()
    for (const [file, print] of this.#known) if (print === undefined) this.#known.set(file, fingerprint(file))
    // A file may have been saved after it was read and before it was watched.
    if (this.#changed()) this.#schedule()
  }

  close (): void {
    this.#closed = true
    clearInterval(this.#poll)
    clearTimeout(this.#pending)
    this.#unwatch()
  }

  /** Watches folders, not files: a watch on a file stays with the old inode when another file is renamed over it. */
  #watchFolders (): void {
    this.#points = watchPoints(this.#known.keys())
    for (const [folder, watcher] of this.#watchers) {
      if (this.#points.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of this.#points.keys()) if (!this.#watchers.has(folder)) this.#watchFolder(folder)
  }

  #watchFolder (folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        // Others may write in the folder all the time, such as an access log beside gateway.yaml.
        if (this.#points.get(folder)?.concerns(event, name) === true) this.#schedule()
      })
      watcher.on('error', () => {
        watcher.close()
        if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder)
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // The folder is gone again, or the system has no watches left: polling goes on.
    }
  }

  #unwatch (): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #schedule (): void {
    if (this.#closed) return
    const now = performance.now()
    if (this.#pending === undefined) this.#firstEventAt = now
    const latest = this.#firstEventAt + mostDebounces * this.#debounce
    clearTimeout(this.#pending)
    this.#pending = setTimeout(() => this.#compare(), Math.max(0, Math.min(this.#debounce, latest - now))).unref()
  }

  /** Compares a second time after the debounce: the first comparison may fall between the removal of a file and its return. */
  #pollOnce (): void {
    if (this.#changed()) this.#schedule()
  }

  #compare (): void {
    this.#pending = undefined
    if (this.#closed) return
    const changed = this.#changed()
    // A folder that was replaced has another inode, and the watch on the old one reports nothing.
    if (changed) this.#unwatch()
    this.#watchFolders()
    if (!changed) return
    // Takes the state again: something may have happened while nothing was watched.
    for (const [file, print] of this.#known) this.#known.set(file, fingerprint(file) ?? print)
    this.#onChange()
  }

  /** A file whose state the system cannot tell counts as unchanged: running out of descriptors says nothing about the file. */
  #changed (): boolean {
    for (const [file, known] of this.#known) {
      const now = fingerprint(file)
      if (now !== undefined && now !== known) return true
    }
    return false
  }
}
