/// Small programs, one per idea, made to be copied. Each joins a job, computes something, and checks its own result.
package org.porthole.examples;
