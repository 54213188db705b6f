/// The public API: jobs, teams, windows and epochs.
package org.porthole;
