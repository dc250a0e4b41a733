/** Everything a plugin author may import: `import { … } from 'onedoor'`. */

export { default as Type, type Static } from 'typebox'
export type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
export type {
  BalancerKeys, GatewayApi, GatewayControl, OfferedBalancer, PluginConfig, PluginModule, PolicyOptions, Rehearsal, RehearsalRequest, Report, ReservedHandler, RouteCandidate, RouteHandlerFactory, Router
} from './api.ts'
export type { Clock, Random } from './clock.ts'
export type { Config, PluginEntry, RootKeys, RouteConfig, ServerConfig, TargetConfig, TargetSettings, UpstreamConfig } from './config/types.ts'
export { ConfigError, type Problem } from './config/problem.ts'
export { Duration, Enum, Rate, Secret, Size } from './config/units.ts'
export { GatewayError, reasons, type Fault, type GatewayErrorOptions, type Reason, type ReasonCode } from './errors.ts'
export { checkTemplate, compileTemplate, type Template, type TemplateScope } from './http/header-template.ts'
export type { LeaseDefinition, LeaseHolder } from './leases.ts'
export type { Route } from './route.ts'
export { Attempt, type Outcome } from './upstream/attempt.ts'
export type { Balancer, BalancerContext, BalancerFactory } from './upstream/balancer.ts'
export type { Decision, Exchange, TraceParent } from './upstream/exchange.ts'
export { compileKey, compileValue, keyProblem, type ExchangeKey } from './exchange-key.ts'
export type { Gate, GateFactory, GateState, TargetFilter } from './upstream/gate.ts'
export { SlidingWindow } from './upstream/sliding-window.ts'
export type { Load, Member, Target } from './upstream/target.ts'
export type { Admission, AttemptObserver, TargetNote, Upstream } from './upstream/upstream.ts'
