/// What every transport must do, as tests that it passes by naming itself; and the means to test programs on Porthole: clusters of real
/// JVMs, a check for leaks, and a transport that defers everything it may.
///
/// A transport's test module has one class of a few lines for each `...Contract`:
///
/// ```java
/// class ShmPutGetContractTest extends PutGetContract {
///     @Override
///     protected String transport() {
///         return "shm";
///     }
/// }
/// ```
package org.porthole.testkit;
