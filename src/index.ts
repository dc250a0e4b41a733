/**
 * The public API: everything that a plugin or an embedding program may import from `'onedoor'`. Built-in plugins import from here as well.
 */

export { default as Type, type Static } from '#typebox'
export type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

// The gateway in another program
export { createGateway, type EmbeddedGateway, type ReloadResult } from './gateway/create-gateway.ts'
export type { Addresses, GatewayOptions, GivenPlugin, InlineConfig, ListenOptions } from './gateway/gateway-options.ts'
export type { InjectedRequest, InjectedResponse } from './contract/injection.ts'

// The gateway and its plugins
export type { BodyObserver, ResponseFields, ResponsePipeline, ResponseStage } from './contract/response-stage.ts'
export type { GatewayApi } from './contract/gateway-api.ts'
export type { GatewayControl, ServingThread } from './contract/control.ts'
export {
  untilNextReload, type EffectiveConfiguration, type ReloadCause, type ReloadHistory, type ReloadRecord,
  type ReloadVerdict, type RestoreOrder
} from './contract/reload-history.ts'
export type { EventFact, EventFields, EventListener, EventStamp, EventType, GatewayEvent, GatewayEvents } from './contract/events.ts'
export { eventTypes } from './gateway/event-log.ts'
export { operatorOf, signatureOf, type Operator, type OperatorRole, type OperatorWay, type Signature } from './contract/operator.ts'
export type { PluginConfig, PluginModule, Report } from './contract/plugin.ts'
export type { PluginHook } from './contract/plugin-hook.ts'
export type { PluginRoute } from './contract/plugin-route.ts'
export type { PolicyOptions } from './contract/policy.ts'
export type { Holder, ReleasableHolder } from './contract/holder.ts'
export type {
  Count, CountsDefinition, Identity, KeyedCounts, Lock, Row, StateDefinition, StateTable, TableDefinition
} from './contract/state.ts'
export type { FromThread, Link, LinksToThreads } from './contract/link.ts'
export type { ResourceDefinition } from './contract/resource.ts'
export type { RunningTask, Stop, TaskDefinition, TaskHandle } from './contract/task.ts'
export type { ThreadRole, Threads } from './contract/threads.ts'
export type { CounterHandle, HistogramHandle, MetricsApi, ReadableMetric, ReadableSeries } from './contract/metrics.ts'
export type { Clock, Random } from './contract/clock.ts'
export type { RejectedInput } from './contract/rejected-input.ts'
export type { Rehearsal, RehearsalRequest } from './contract/rehearsal.ts'
export { version } from './gateway/own-package.ts'

// Exchanges and routes
export type { ClientConnection, ClientTls } from './contract/client-connection.ts'
export type { Choice, Decision, Exchange, Fallback, FieldWriter, RouteMatch, ServingUpstream, TraceParent } from './contract/exchange.ts'
export { routedMethod, type Route } from './contract/route.ts'
export type { Ownership, TargetResponse } from './contract/response.ts'
export type { TunnelClosing, TunnelLimits, TunnelRecord, TunnelSide } from './contract/tunnel.ts'
export { responseStage } from './exchange/response-stage.ts'
export { transformResponse, type TransformResponseOptions } from './exchange/transform-response.ts'
export { readResponseBody, type ReadResponseOptions } from './exchange/response-body.ts'
export { openScopes } from './gateway/policies.ts'
export type { ReservedHandler, RouteCandidate, RouteHandlerFactory, Router } from './contract/routing.ts'
export {
  GatewayError, problemDocument, problemType, proxyStatus, reasons, type Fault, type GatewayErrorOptions, type Reason, type ReasonCode
} from './contract/errors.ts'
export { answerStatus, askedPath } from './exchange/answer.ts'
export { readBody } from './exchange/buffered-body.ts'
export { setUpstreamField } from './exchange/exchange.ts'
export { compileKey, compileValue, keyProblem, type RequestKey } from './exchange/request-key.ts'

// Upstreams and targets
export type {
  Attempt, AttemptKind, DialFailure, Gate, GateFactory, GateState, Outcome, ReachListener, Target, TargetDefinition, TargetLoad,
  UpstreamIdentity
} from './contract/target.ts'
export type { Admission, AttemptObserver, Balancer, TargetFilter, TargetNote, Upstream } from './contract/upstream.ts'
export type { AttemptBudget, BackoffRules, Retries } from './contract/retries.ts'
export type { BalancerContext, BalancerFactory, BalancerKeys, OfferedBalancer } from './contract/balancer.ts'
export { causeOf, describeCause, reasonCause } from './upstream/cause.ts'
export { findTarget } from './upstream/find-target.ts'
export { judgedStatus } from './upstream/judged-status.ts'
export { upstreamsOf } from './upstream/fallback.ts'
export { fingerprint } from './state/fingerprint.ts'
export { guardedCount } from './state/guarded-count.ts'
export { locked } from './state/locked.ts'
export { MapCycle } from './collections/map-cycle.ts'
export { QuietPeriod, sharedQuietPeriod } from './collections/quiet-period.ts'
export { SlidingWindow, windowCells } from './collections/sliding-window.ts'

// Authentication
export type { Admitted, Authenticator, AuthenticatorFactory, Claims, Refused, Verdict } from './contract/authentication.ts'
export { allOf, anyOf, authentication, refuse, type NamedAuthenticator } from './identity/authentication.ts'
export { bearerRefusals, type BearerRefusalCode } from './identity/bearer-refusals.ts'
export { freezeClaims, lackingScope, scopesOf, subjectOf, whyNotNow } from './identity/claims.ts'
export {
  checkIdentityHeaders, compileIdentityHeaders, identityFieldNames, IdentityHeadersSchema, ownedFieldProblem, type IdentityHeaders
} from './identity/identity-headers.ts'
export { derive, hashPassword, parsePasswordHash, type PasswordHash } from './identity/password-hash.ts'
export {
  tokenAuthenticator, tokenAuthenticatorKeys, type TokenAuthenticatorOptions, type TokenVerifier, type TokenVerifierDefinition
} from './identity/token-authenticator.ts'
export { createTokenSigner, type SigningKey, type SignToken } from './identity/token-signer.ts'
export {
  algorithms, keyFit, leastSecretBytes, looksLikeKey, publicAlgorithms, secretAlgorithms, trimPem, type KeyFit, type SignatureAlgorithm
} from './identity/signature-algorithms.ts'

// Services that policies ask
export { checkServiceUrl, identityServiceKeys, identityUnavailable, reportAvailability } from './service/identity-service.ts'
export { takeServiceBreaker } from './service/service-breaker.ts'
export { LookupCache, LookupSkipped, type Lookup, type LookupCacheOptions } from './service/lookup-cache.ts'
export { ServiceClient, type Question, type ServiceAnswer, type ServiceOptions } from './service/service-client.ts'
export { ServiceUnavailable, unusable, UnusableAnswer } from './service/service-unavailable.ts'
export { ExpiringCache } from './collections/expiring-cache.ts'

// Configuration
export type {
  Config, PluginEntry, RootKeys, RouteConfig, ServerConfig, TargetConfig, TargetSettings, UpstreamConfig
} from './config/types.ts'
export { ConfigRefused } from './config/check/config-refused.ts'
export { ConfigError, type Problem } from './config/check/problem.ts'
export { Duration, Enum, Rate, Secret, Size, TimeSpan } from './config/schema/units.ts'
export { takeWatchedFile, type FileContent, type WatchedFileOptions } from './config/watch/take-watched-file.ts'
export { WatchedFile } from './config/watch/watched-file.ts'

// What a rehearsal cannot find out
export { unknownText, unknownVerdict } from './identity/unknown.ts'

// HTTP
export { readBearer, type Bearer } from './http/bearer.ts'
export type { RequestFields } from './http/request-fields.ts'
export { checkTemplate, compileTemplate, lookUp, type Template, type TemplateScope } from './http/header-template.ts'
export { compileTrust } from './http/client-address.ts'
export { clientNetwork } from './http/client-network.ts'

// Names and addresses
export type { NameLookup } from './dns/names.ts'
export { codeOf, type AddressResolver } from './dns/query.ts'
export { serverAddressProblem } from './dns/server-address.ts'
export { systemLookup } from './dns/system-lookup.ts'

// Time
export { patiently, type PatientTimer } from './scheduling/patient-timer.ts'
export { atOnce, inPieces, sorted, type Steps } from './scheduling/steps.ts'
export { within } from './scheduling/within.ts'

// Logs
export { logLines, type LogLines } from './logging/log-lines.ts'
export { readRedaction, redactedText, type Redaction } from './logging/log-redaction.ts'
export { redactQuery } from './logging/redact-query.ts'
export { logLevels, type LogLevel } from './logging/log-levels.ts'
export { prettyLine } from './logging/log.ts'
export { linesLost } from './logging/standard-output.ts'
