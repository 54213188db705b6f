/// What a transport implements.
package org.porthole.spi;
