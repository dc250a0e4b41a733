/** Certificates are requested, kept in the folder, and renewed. */

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { AcmeCertificates, type AcmeOptions } from '../../src/acme/acme-certificates.ts'
import type { RenewalReport } from '../../src/acme/renewer.ts'
import { systemNames } from '../helpers/names.ts'
import { problem, startDirectory, type Behaviour, type StubDirectory } from './stub-directory.ts'
import { TestTime } from './test-time.ts'

const hour = 3_600_000
const day = 24 * hour

interface Running {
  readonly certificates: AcmeCertificates
  readonly reports: readonly RenewalReport[]
  readonly stop: () => Promise<void>
}

class Setting {
  readonly time = new TestTime()
  readonly folder = mkdtempSync(join(tmpdir(), 'acme-'))
  readonly directory: StubDirectory
  readonly #t: TestContext

  constructor (t: TestContext, directory: StubDirectory) {
    this.#t = t
    this.directory = directory
    directory.now = this.time.now
    t.after(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  /** The folder of the directory. */
  get place (): string {
    return join(this.folder, new URL(this.directory.url).host.replace(':', '-') + '-directory')
  }

  start (options: Partial<AcmeOptions> = {}): Running {
    const { now, sleep } = this.time
    const certificates = new AcmeCertificates({
      directory: `${this.directory.url}/directory`,
      directoryCa: undefined,
      email: 'ops@shop.example',
      externalAccount: undefined,
      profile: undefined,
      folder: this.folder,
      certificates: [['shop.example']],
      challenges: ['http-01'],
      ...options
    }, { names: systemNames, now, random: () => 0, sleep })
    const reports: RenewalReport[] = []
    const end = certificates.start(report => reports.push(report))
    certificates.serve()
    let ended: Promise<void> | undefined
    const stop = async (): Promise<void> => await (ended ??= Promise.resolve(end()))
    this.#t.after(stop)
    return { certificates, reports, stop }
  }
}

async function setUp (t: TestContext, behaviour: Behaviour = {}): Promise<Setting> {
  return new Setting(t, await startDirectory(t, behaviour))
}

const kinds = (reports: readonly RenewalReport[]): string[] => reports.map(({ kind }) => kind)

test('a certificate is requested once, kept with its key where only the user can read it, and found again by a restart', async t => {
  const setting = await setUp(t)
  const { time, directory } = setting
  const first = setting.start()
  await time.until(() => first.reports.length > 0, hour)
  assert.deepEqual(kinds(first.reports), ['issued'])
  const [issued] = first.certificates.certificates()
  await time.until(() => first.certificates.renewers[0]!.next > time.now(), hour)
  await first.stop()

  const modes = [setting.place, join(setting.place, 'challenges'), ...readdirSync(setting.place).map(name => join(setting.place, name))]
  for (const path of modes) {
    const { mode } = statSync(path)
    assert.equal(mode & 0o777, path.includes('challenges') || path === setting.place ? 0o700 : 0o600, path)
  }
  assert.deepEqual(readdirSync(setting.place).filter(name => /lock|^\./.test(name)), [])
  assert.deepEqual(readdirSync(join(setting.place, 'challenges')), [])

  const second = setting.start()
  await second.certificates.loaded
  assert.deepEqual(second.certificates.certificates(), [issued])
  await time.until(() => second.certificates.renewers[0]!.next > time.now(), hour)
  assert.equal(directory.orders.length, 1)
  assert.deepEqual(second.reports, [])
})

async function issued (setting: Setting, options: Partial<AcmeOptions> = {}): Promise<Running> {
  const running = setting.start(options)
  await setting.time.until(() => running.reports.length > 0, hour)
  return running
}

test('a certificate is renewed after two thirds of its life, and the old one is in use until then', async t => {
  const setting = await setUp(t, { life: 6 * day })
  const { time, directory } = setting
  const { certificates, reports } = await issued(setting)
  const [old] = certificates.certificates()
  const begin = time.now()
  let changes = 0
  certificates.onChange(() => changes++)
  const during: unknown[] = []
  directory.behaviour = { passes: () => { during.push(certificates.certificates()[0]); return true } }
  await time.until(() => reports.length > 1, 5 * day)
  assert.deepEqual(kinds(reports), ['issued', 'renewed'])
  assert.ok(time.now() - begin > 4 * day - hour)
  assert.deepEqual(during, [old])
  assert.notDeepEqual(certificates.certificates()[0], old)
  assert.equal(changes, 1)
})

test('the directory can ask for a renewal at once, and hears what it replaces', async t => {
  const setting = await setUp(t)
  const { time, directory } = setting
  const { reports } = await issued(setting)
  const begin = time.now()
  const window = { start: begin - 2 * day, end: begin - day }
  directory.behaviour = { window: () => directory.orders.length > 1 ? undefined : window }
  // It is asked again every six hours.
  await time.until(() => reports.length > 1, 7 * hour)
  assert.deepEqual(kinds(reports), ['issued', 'renewed'])
  assert.deepEqual(directory.orders.map(({ replaces }) => replaces), [undefined, directory.lookups.at(-1)])
})

test('after a failure the request is repeated with growing pauses, and the old certificate stays', async t => {
  const setting = await setUp(t, { life: 30 * day })
  const { time, directory } = setting
  const { certificates, reports } = await issued(setting)
  const [old] = certificates.certificates()
  directory.behaviour = { passes: () => false }
  await time.until(() => reports.length > 4, 30 * day)
  const failures = reports.slice(1).filter(report => report.kind === 'failed')
  assert.equal(failures.length, 4)
  assert.match(failures[0]!.error.message, /shop\.example is not authorized: shop\.example has no address \(dns\)/)
  assert.deepEqual(certificates.renewers[0]!.failures.count, 4)
  assert.deepEqual(certificates.certificates(), [old])
  const pauses = failures.slice(1).map(({ next }, index) => next - failures[index]!.next)
  assert.deepEqual(pauses.map(pause => Math.round(pause / 60_000)), [4, 16, 64])
  directory.behaviour = {}
  await time.until(() => reports.length > 5, 2 * hour)
  assert.equal(reports.at(-1)!.kind, 'renewed')
  assert.equal(certificates.renewers[0]!.failures.count, 0)
})

test('a limit of the directory is respected, also by a restart; another failure does not hold a restart up', async t => {
  const limited = problem('rateLimited', 429, 'too many certificates', { 'retry-after': '86400' })
  const setting = await setUp(t, { intercept: ({ path }) => path === '/new-order' ? limited : undefined })
  const { time, directory } = setting
  const first = await issued(setting)
  const begin = time.now()
  await first.stop()
  assert.match(first.reports[0]!.kind === 'failed' ? first.reports[0]!.error.message : '', /too many certificates \(rateLimited\)/)
  const second = setting.start()
  await time.until(() => second.reports.length > 0, 2 * day)
  assert.ok(time.now() - begin >= day)
  assert.equal(directory.orders.length, 2)
  await second.stop()

  directory.behaviour = { passes: () => false }
  const third = setting.start()
  await time.until(() => third.reports.length > 4, 10 * day)
  await third.stop()
  const before = time.now()
  directory.behaviour = {}
  const fourth = setting.start()
  await time.until(() => fourth.reports.length > 0, day)
  assert.equal(fourth.reports[0]!.kind, 'issued')
  assert.ok(time.now() - before <= 12 * 60_000)
})

test('of several gateways that share a folder one requests the certificate, and all of them use it', async t => {
  const setting = await setUp(t)
  const all = [setting.start(), setting.start(), setting.start()]
  // They see the file appear: no time has to pass.
  await setting.time.stand(() => all.every(({ reports }) => reports.length > 0))
  assert.deepEqual(all.map(({ reports }) => kinds(reports)).flat().toSorted(), ['issued', 'taken-over', 'taken-over'])
  assert.equal(setting.directory.orders.length, 1)
  assert.equal(new Set(all.map(({ certificates }) => certificates.certificates()[0]!.cert)).size, 1)
})

test('a gateway that shares the folder responds to the challenges of another one', async t => {
  const setting = await setUp(t)
  const { directory } = setting
  const other = setting.start({ certificates: [['www.shop.example'], ['shop.example']] })
  await setting.time.until(() => other.reports.length === 2, hour)
  await other.stop()
  const seen: unknown[] = []
  directory.behaviour = {
    passes: host => {
      seen.push(other.certificates.challenges.httpResponse(`/.well-known/acme-challenge/token-2-${host.replaceAll('.', '_')}`))
      seen.push(other.certificates.challenges.httpResponse('/.well-known/acme-challenge/guess'))
      return true
    }
  }
  await issued(setting, { certificates: [['new.example']] })
  assert.match(String(seen[0]), /^token-2-new_example\.[\w-]{43}$/)
  assert.equal(seen[1], undefined)
})

test('the lock of a gateway that died is taken over, and that of one that lives is not', async t => {
  const setting = await setUp(t)
  const { time, directory } = setting
  const first = await issued(setting)
  await first.stop()
  rmSync(join(setting.place, 'shop.example.pem'))
  const lock = join(setting.place, 'shop.example.lock')
  writeFileSync(lock, 'another machine')
  const seconds = time.now() / 1000
  utimesSync(lock, seconds, seconds)
  const second = setting.start()
  const begin = time.now()
  await time.until(() => second.reports.length > 0, hour)
  assert.ok(time.now() - begin > 120_000)
  assert.equal(directory.orders.length, 2)
})

test('a folder that cannot be used is a failure before anything is ordered', async t => {
  const setting = await setUp(t)
  writeFileSync(join(setting.folder, 'file'), '')
  const { reports } = await issued(setting, { folder: join(setting.folder, 'file') })
  assert.match(reports[0]!.kind === 'failed' ? reports[0]!.error.message : '', /^the folder .*file.* cannot be used: .*ENOTDIR/)
  assert.equal(setting.directory.orders.length, 0)
})

test('what lies in the folder but fits no longer is replaced', async t => {
  const setting = await setUp(t)
  const first = await issued(setting)
  await first.stop()
  const file = join(setting.place, 'shop.example.pem')
  writeFileSync(file, 'rubbish')
  const second = await issued(setting)
  assert.deepEqual(kinds(second.reports), ['issued'])
})

test('another challenge is tried after a failure', async t => {
  const setting = await setUp(t, { passes: () => false })
  const { time, directory } = setting
  const { certificates, reports } = setting.start({ challenges: ['tls-alpn-01', 'http-01'] })
  const kept: string[] = []
  directory.behaviour = {
    passes: host => {
      kept.push(certificates.challenges.secureContext(host) === undefined ? 'http-01' : 'tls-alpn-01')
      return false
    }
  }
  await time.until(() => reports.length > 2, day)
  assert.deepEqual(kept, ['tls-alpn-01', 'http-01', 'tls-alpn-01'])
})
