/** In the control thread: does what plugins in data threads ask of the gateway. */

import type { GatewayControl } from '../contract/control.ts'
import type { LinksToThreads } from '../contract/link.ts'
import { channels, type ControlCall } from './protocol.ts'
import { answerLevel } from './thread-level.ts'

export function answerThreads (links: LinksToThreads, control: GatewayControl): void {
  // Before the first configuration serves, there is no other level than that of the file.
  answerLevel(links, () => control.generation === 0 ? undefined : { level: control.logLevel, generation: control.generation })
  links.answer(channels.control, async (call: ControlCall) => {
    switch (call.call) {
      case 'reload': return await control.reload(call.trigger, call.who)
      case 'restore': return await control.restore(call.number, call.order)
      case 'explain': return await control.explain(call.request)
      case 'setLogLevel': return control.setLogLevel(call.level, call.who)
    }
  })
}
