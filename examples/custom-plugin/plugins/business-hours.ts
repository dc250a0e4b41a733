/** business-hours: a gate that closes an upstream outside the hours (UTC) that the file gives it. */

import { Type, type Config, type FastifyInstance, type Gate, type PluginConfig, type Report, type Static } from 'onedoor'

const Time = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$',
  expected: 'a time of day such as 08:30',
  description: 'Hour and minute, UTC.'
})
const BusinessHours = Type.Object(
  { from: Time, to: Time },
  { additionalProperties: false, description: 'When the targets may be used; outside, requests get a 503 with Retry-After.' }
)

declare module 'onedoor' {
  interface UpstreamConfig {
    readonly businessHours?: Static<typeof BusinessHours>
  }
}

export const config = {
  upstream: { businessHours: Type.Optional(BusinessHours) },
  check ({ upstreams }: Config, report: Report) {
    for (const [name, { businessHours }] of Object.entries(upstreams)) {
      if (businessHours !== undefined && minutes(businessHours.from) >= minutes(businessHours.to)) {
        report({ pointer: `/upstreams/${name}/businessHours/to`, message: 'must be later than `from`' })
      }
    }
  }
} satisfies PluginConfig

export default async function businessHours (app: FastifyInstance): Promise<void> {
  const { clock, upstreams } = app.gateway
  for (const upstream of upstreams.values()) {
    const hours = upstream.config.businessHours
    if (hours !== undefined) upstream.addGate(() => gate(minutes(hours.from), minutes(hours.to), () => clock.wall()))
  }
}

const minute = 60_000
const day = 24 * 60 * minute

/** `from` and `to` are minutes after midnight; `wall` is the time of day, where a gate's `now` only measures spans. */
function gate (from: number, to: number, wall: () => number): Gate {
  const open = (): boolean => {
    const time = wall() % day / minute
    return time >= from && time < to
  }
  return {
    name: 'business-hours',
    permits: open,
    describe: now => open()
      ? { state: 'open' }
      : { state: 'closed', why: 'outside business hours', opensAt: now + (from * minute - wall() % day + day) % day }
  }
}

function minutes (time: string): number {
  const [hours = '', rest = ''] = time.split(':')
  return Number(hours) * 60 + Number(rest)
}
