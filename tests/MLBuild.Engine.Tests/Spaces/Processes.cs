namespace MLBuild.Engine.Tests.Spaces;

/// <summary>Tests that start programs, one after another: a program that is just being started has every file of this
/// process open for a moment, and a script that somebody has open for writing cannot be run.</summary>
[CollectionDefinition(nameof(Processes))]
public sealed class Processes;
