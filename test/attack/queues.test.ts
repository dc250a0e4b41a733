import { queues } from './cases/queues.ts'
import { attackTest } from './doors.ts'

attackTest(queues)
