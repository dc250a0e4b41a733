import { framing } from './cases/framing.ts'
import { attackTest } from './doors.ts'

attackTest(framing)
