/** What a machine says on a telephone, but for what it is told first (`openingFor`), in the one place to change it. */
export const SPOKEN = {
  over: 'This call is over. Goodbye.',
  /** To one telephone, while the others go on. */
  hungUp: 'The other side has hung up. Goodbye.',
  tooLong: 'This call has lasted as long as it may. Goodbye.',
  /** After why there is no place for it. */
  tryLater: 'Please try again later. Goodbye.',
  declined: 'You will not be recorded or transcribed.',
  connected: 'You are connected.',
  again: 'You are connected again.',
  /** Its sound broke off, and may be back in a moment. */
  broken: 'One moment, please. The line is being restored.',
  /** Parley has just started, and is not ready yet. */
  notReady: 'One moment, please.',

  welcome: 'Welcome to Parley. Please enter the PIN of your meeting, and then press the hash key.',
  wrongPin: 'There is no meeting with this PIN. Please try again, and then press the hash key.',
  wrongPinAtLast: 'There is no meeting with this PIN. Goodbye.',
  tooManyPins: 'There were too many wrong PINs. Please try again later. Goodbye.',
} as const;
