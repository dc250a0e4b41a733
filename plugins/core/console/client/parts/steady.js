/** Components that are drawn again only when there is a reason. */

import { Component } from '../preact.js'

/**
 * The component, drawn again only when one of its properties is another one. It must read no signals itself.
 *
 * Elements that are kept, such as by `useMemo`, do the same at first, but each of them keeps the whole page of the moment in which it was
 * made, which keeps earlier ones.
 */
export function steady (draw) {
  return class extends Component {
    shouldComponentUpdate (next) {
      return Object.keys(next).some(name => next[name] !== this.props[name])
    }

    render (props) {
      return draw(props)
    }
  }
}
