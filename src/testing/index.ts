/** The test kit: everything that a test may import from `'onedoor/testing'`. It runs on `node:test` and on others. */

export { stubUpstream, type StubRequest, type StubResponse, type StubUpstream } from './stub-upstream.ts'
export { testClock, type TestClock } from './test-clock.ts'
export { testGateway, type TestGateway, type TestGatewayOptions } from './test-gateway.ts'
export type { TestScope } from './test-scope.ts'
