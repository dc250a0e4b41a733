/** Whether the gateway is in maintenance: because the configuration says so, or because an operator has switched it on. */

/** The cells of a gateway that no operator has touched: 1 while the switch is on. */
export const maintenanceCells: readonly number[] = [0]

export class Switch {
  readonly #cells: Float64Array
  /** Whether the configuration says so. */
  readonly configured: boolean

  /** @param cells its state, as {@link maintenanceCells} at the beginning; reloads keep it */
  constructor (cells: Float64Array, configured: boolean) {
    this.#cells = cells
    this.configured = configured
  }

  get on (): boolean {
    return this.configured || this.#cells[0] === 1
  }

  /** Whether an operator has switched it on. */
  get switched (): boolean {
    return this.#cells[0] === 1
  }

  set switched (on: boolean) {
    this.#cells[0] = on ? 1 : 0
  }
}
