namespace MLBuild.Engine.Tests.Spaces;

/// <summary>What the code of a failing stage throws.</summary>
internal sealed class StageTrouble(string message) : Exception(message);
