import { answers } from './cases/answers.ts'
import { attackTest } from './doors.ts'

attackTest(answers)
