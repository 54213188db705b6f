package org.porthole.cli;

/// A program that can be run by its name.
///
/// @param name        what the user types
/// @param mainClass   the class with its main method
/// @param description one line
record Program(String name, String mainClass, String description) {}
