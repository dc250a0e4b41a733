/** Finds the folders to watch for a file, and the names in them whose events can concern it. */
import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { basename, dirname, join, parse, resolve, sep } from 'node:path'
import { isVisible } from '../read/text-file.ts'

/** As in the Linux kernel: a path with more symbolic links counts as a loop. */
const maxLinks = 40

/** What matters in one watched folder. */
export class WatchPoint {
  readonly #names: Set<string>
  #listing = false

  constructor (folder: string) {
    // The removal of a folder is reported under its own name.
    this.#names = new Set([basename(folder)])
  }

  addName (name: string): void {
    this.#names.add(name)
  }

  /** Marks the list of names in the folder as watched. */
  addListing (): void {
    this.#listing = true
  }

  /** Whether an event of `fs.watch` can mean a change. Some systems give no name: then it can. */
  concerns (event: string, name: string | null): boolean {
    return name === null || this.#names.has(name) || (this.#listing && event === 'rename' && isVisible(name))
  }
}

/**
 * The watch point of each folder in which an event can concern one of `files`, by the folder's real path. Follows every symbolic
 * link on the way, so that the replacement of any of them is seen, such as that of `..data` in a Kubernetes volume.
 */
export function watchPoints (files: Iterable<string>): Map<string, WatchPoint> {
  const points = new Map<string, WatchPoint>()
  for (const file of files) addPoints(resolve(file), points)
  return points
}

function addPoints (file: string, points: Map<string, WatchPoint>): void {
  let links = 0
  let folder = parse(file).root
  let names = namesIn(file)
  while (names.length > 0) {
    const name = names.shift()!
    const path = join(folder, name)
    const stats = stat(path)
    if (stats?.isSymbolicLink() === true && ++links <= maxLinks) {
      pointOf(folder, points).addName(name)
      const target = resolve(folder, readLink(path))
      folder = parse(target).root
      names = [...namesIn(target), ...names]
    } else if (stats?.isDirectory() === true) {
      if (names.length === 0) pointOf(path, points).addListing()
      folder = path
    } else {
      // The file itself, or the first folder on the way that does not exist yet.
      pointOf(folder, points).addName(name)
      return
    }
  }
}

function pointOf (folder: string, points: Map<string, WatchPoint>): WatchPoint {
  let point = points.get(folder)
  if (point === undefined) points.set(folder, point = new WatchPoint(folder))
  return point
}

function namesIn (path: string): string[] {
  return path.slice(parse(path).root.length).split(sep).filter(name => name !== '')
}

function stat (path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

/** The target of a link; a link that is gone again counts as one to its own folder. */
function readLink (path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return dirname(path)
  }
}
