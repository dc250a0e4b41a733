/** The types of runtime.mjs, which is JavaScript because an old Node must be able to read it. */

export function runsTypeScript (version: string): boolean
export function refusal (version: string, root: string | undefined): string
