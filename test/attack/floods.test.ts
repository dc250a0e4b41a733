import { floods, tightDoor } from './cases/floods.ts'
import { attackTest, upstream } from './doors.ts'

attackTest(floods, url => tightDoor(upstream(url)))
