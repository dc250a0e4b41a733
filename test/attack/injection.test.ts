import { injection, templateDoor } from './cases/injection.ts'
import { attackTest, upstream } from './doors.ts'

attackTest(injection, url => templateDoor(upstream(url)))
