/** What reloads leave behind: nothing, however often plugins come and go. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Type from '#typebox'
import type { PluginModule } from '../../src/contract/plugin.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { composeSchema } from '../../src/config/schema/compose.ts'
import { validatorOf } from '../../src/config/check/validator.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const plugin = (config?: PluginModule['config']): PluginModule => ({ default: async () => {}, ...config === undefined ? {} : { config } })

test('a policy more or less is no other schema, so that a reload has nothing to compile', () => {
  const composition = composeSchema(rootPlugins)
  assert.equal(composeSchema([...rootPlugins, plugin(), plugin({ options: Type.Object({ limit: Type.Integer() }) })]), composition)
  const keyed = plugin({ upstream: { 'of-mine': Type.Optional(Type.Integer()) } })
  assert.ok('of-mine' in composeSchema([...rootPlugins, keyed]).upstream.properties)
  assert.ok(!('of-mine' in composeSchema(rootPlugins).upstream.properties))
})

test('what a schema was compiled to goes when the schema goes', async () => {
  const validators = Array.from({ length: 5 }, () => new WeakRef(validatorOf(Type.Object({ limit: Type.Integer({ minimum: 1 }) }))))
  // What a collection finds last is held by the stack of the one before.
  for (let round = 0; round < 20 && validators.some(validator => validator.deref() !== undefined); round++) {
    await setImmediate()
    collect()
  }
  assert.deepEqual(validators.map(validator => validator.deref()), Array.from({ length: 5 }, () => undefined))
})
