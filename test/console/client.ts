/** Modules of the console that run in a browser and need none. They are JavaScript: what a test uses of them has its type here. */

import type { Rehearsal } from '../../src/contract/rehearsal.ts'

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

interface Row {
  readonly name: string
  readonly rate: number | null
}

type By = (row: Row) => string | number | null

interface SortingModule {
  readonly sortedBy: (rows: readonly Row[], by: By, descending: boolean) => Row[]
  readonly nextSorting: (column: { readonly name: string, readonly number?: boolean }, current: string) => string
  readonly inOrder: (ids: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string) => Row[]
}

interface RecentKey {
  readonly key: string
  readonly limited: boolean
  readonly seen: number
  readonly freeAt: number
  readonly fullAt: number
}

interface RecentKeysModule {
  readonly withAnswer: (known: readonly RecentKey[], policies: readonly object[], now: number) => RecentKey[]
}

interface AskedPathModule {
  readonly askedPath: (
    filters: Pick<URLSearchParams, 'get'>, known: { readonly reasons: readonly string[], readonly routes: readonly string[] }, limit: number
  ) => string
}

interface Bar {
  readonly label: string
  readonly left: number
  readonly width: number
  readonly tone: string
}

interface BarsModule {
  readonly barsOf: (story: object) => Bar[]
}

interface Listed {
  readonly id: string
  readonly time: number
  readonly durationMs: number
}

interface KnownRowsModule {
  readonly knownRows: (before: readonly Listed[], requests: readonly Listed[]) => Listed[]
}

interface OutcomeModule {
  readonly fine: (value: number) => string
  readonly kindOf: (ended: { readonly status: number, readonly grpcStatus?: string }) => string
  readonly urlOf: (asked: { readonly path?: string, readonly query?: string }) => string | undefined
}

/** A row of the table of routes, as far as tests look at it. */
interface RouteRow {
  readonly id: string
  readonly name: string
  readonly order: number | undefined
  readonly search: string
  readonly errors: { readonly share: number, readonly fault: string | undefined, readonly words: string } | undefined
  readonly served: { readonly upstreams: readonly { readonly name: string, readonly share?: number }[], readonly text?: string } | undefined
}

interface RouteRowsModule {
  readonly rowMaker: () => (routes: readonly object[], traffic: Readonly<Record<string, object>>) => RouteRow[]
  readonly sampleOf: (route: object) => { readonly method: string, readonly url: string, readonly header: string | undefined }
}

interface ReasonGroup {
  readonly text: string
  readonly fault: string | undefined
  readonly count: number
  readonly id: string
}

interface ReasonsModule {
  readonly byReason: (requests: readonly object[]) => ReasonGroup[]
}

interface RehearsalForm {
  readonly method: string
  readonly url: string
  readonly ip: string
  readonly headers: string
  readonly withSecrets: boolean
  readonly leftOut: string
}

interface ExplainFormModule {
  readonly formOf: (query: URLSearchParams) => RehearsalForm
  readonly linkOf: (form: RehearsalForm) => Readonly<Record<string, string>>
  readonly requestOf: (form: RehearsalForm) => object
  readonly secretsOf: (form: RehearsalForm) => string[]
}

interface ExplainOutcomeModule {
  readonly outcomeOf: (rehearsal: Rehearsal) => { readonly kind: string, readonly what: string, readonly by: string | undefined }
  readonly kindOf: (verdict: string) => string
  readonly fieldsOf: (forwards: { readonly headers: readonly string[] }, entered: string) => {
    readonly name: string, readonly value: string | undefined, readonly origin: string
  }[]
  readonly placeOf: (decision: { readonly by: string }, outcome: { readonly upstream?: string }, policies?: object) => object | undefined
}

interface ExplainCommandsModule {
  readonly quoted: (text: string) => string
  readonly curlOf: (form: RehearsalForm, origin: string) => string
  readonly onedoorOf: (form: RehearsalForm) => string
  readonly originOf: (config: object, here: string) => string | undefined
}

interface YamlFilterModule {
  readonly linesThatFit: (text: string, fits: (line: string) => boolean) => string[]
}

interface Configuration {
  readonly number: number
  readonly generation?: number
}

interface ConfigurationWordsModule {
  readonly triggerOf: (record: { readonly trigger: string, readonly restores?: number }) => string
  readonly warningOf: (line: string) => { readonly place?: string, readonly text: string }
  readonly comparable: (records: readonly Configuration[], number: number) => Configuration[]
  readonly before: (records: readonly Configuration[], record: Configuration) => Configuration | undefined
}

interface TargetRow {
  readonly url: string
  readonly kind: string
  readonly word: string
  readonly reasons: readonly { readonly words: string, readonly until?: number, readonly before: string }[]
  readonly problem: boolean
  readonly failed: number | null
}

interface UpstreamRows {
  readonly name: string
  readonly open: number
  readonly used: number
  readonly rows: readonly TargetRow[]
}

type KnownUpstreams = ReadonlyMap<string, { readonly upstream: UpstreamRows }>

interface UpstreamRowsModule {
  readonly upstreamsFrom: (
    last: KnownUpstreams,
    upstreams: Readonly<Record<string, object>>,
    traffic: Readonly<Record<string, object>>
  ) => KnownUpstreams
  readonly narrowed: (upstreams: readonly UpstreamRows[], fits: (...texts: string[]) => boolean, onlyProblems: boolean) => UpstreamRows[]
  readonly openness: (upstream: object) => { readonly kind: string, readonly words: string }
}

interface TargetStateModule {
  readonly stateOf: (target: object) => Pick<TargetRow, 'kind' | 'word' | 'reasons'>
}

const load = async (name: string): Promise<unknown> => {
  return await import(new URL(`../../plugins/core/console/client/${name}`, import.meta.url).href) as unknown
}

export const liveState = await load('live-state.js') as LiveStateModule
export const format = await load('parts/format.js') as FormatModule
export const sorting = await load('parts/sorting.js') as SortingModule
export const recentKeys = await load('limits/recent-keys.js') as RecentKeysModule
export const askedPaths = await load('requests/asked-path.js') as AskedPathModule
export const bars = await load('requests/bars.js') as BarsModule
export const knownRows = await load('requests/known-rows.js') as KnownRowsModule
export const outcome = await load('parts/exchange.js') as OutcomeModule
export const routeRows = await load('routes/rows.js') as RouteRowsModule
export const reasons = await load('routes/reasons.js') as ReasonsModule
export const explainForm = await load('explain/form.js') as ExplainFormModule
export const explainOutcome = await load('explain/outcome.js') as ExplainOutcomeModule
export const explainCommands = await load('explain/commands.js') as ExplainCommandsModule
export const yamlFilter = await load('configuration/yaml-filter.js') as YamlFilterModule
export const configurationWords = await load('configuration/words.js') as ConfigurationWordsModule
export const upstreamRows = await load('upstreams/upstream-rows.js') as UpstreamRowsModule
export const targetState = await load('upstreams/target-state.js') as TargetStateModule
