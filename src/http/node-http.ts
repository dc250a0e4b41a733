/**
 * `node:http`, without an `import` of it. An `import` reads every export, and the ones that Node makes on demand (`WebSocket`) load its
 * whole client for `fetch`: 15 MB and a tenth of the start.
 */
export const nodeHttp = process.getBuiltinModule('node:http')
