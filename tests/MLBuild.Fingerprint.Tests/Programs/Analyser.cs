using MLBuild.Engine.Code;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>The fingerprint under test, made as a build program makes it.</summary>
public static class Analyser
{
    public static ReachabilityFingerprint Of(string dependencies) => new(dependencies);
}
