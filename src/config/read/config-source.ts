/** Where a configuration comes from: a file, or a program that embeds the gateway. */

import { dirname, join, resolve } from 'node:path'

/** A configuration that a program gives. */
export interface GivenConfig {
  /** YAML text, or a plain object with the content of a file. */
  readonly content: string | object
  /** The folder to which paths in it are relative. */
  readonly folder: string
}

/** The path of a file, or a configuration that a program gives. */
export type ConfigSource = string | GivenConfig

/** The folder to which paths in a configuration are relative, absolute. */
export function folderOf (source: ConfigSource): string {
  return resolve(typeof source === 'string' ? dirname(source) : source.folder)
}

/** What the places of problems in YAML text are called. No file of this name is read or watched. */
export function nameOf (source: GivenConfig): string {
  return join(resolve(source.folder), '<config>')
}
