/** Modules of the console that run in a browser and need none. They are JavaScript: what a test uses of them has its type here. */

interface Known {
  readonly now: number
  readonly values: Readonly<Record<string, unknown>>
  readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly seconds: readonly { readonly second: number }[]
}

interface LiveStateModule {
  readonly fromSnapshot: (message: Known) => Known
  readonly withDelta: (known: Known, message: Known) => Known
}

type Figure = (value: number | null | undefined) => string

interface FormatModule {
  readonly figure: Figure
  readonly milliseconds: Figure
  readonly bytes: Figure
  readonly percent: Figure
  readonly lasting: (value: number) => string
  readonly ago: (time: number | null, now: number) => string
  readonly counted: (count: number, noun: string) => string
}

const load = async (name: string): Promise<unknown> => {
  return await import(new URL(`../../plugins/core/console/client/${name}`, import.meta.url).href) as unknown
}

export const liveState = await load('live-state.js') as LiveStateModule
export const format = await load('format.js') as FormatModule
