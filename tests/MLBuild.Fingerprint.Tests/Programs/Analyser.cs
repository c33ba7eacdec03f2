using MLBuild.Engine.Code;
using MLBuild.Store;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>The fingerprint under test, made as a build program makes it.</summary>
public static class Analyser
{
    public static ICodeFingerprint Of(string dependencies, object build) => new AssemblyFingerprint(
        dependencies, new HashCache(Path.Combine(Path.GetDirectoryName(dependencies)!, "hashes"), TimeProvider.System));
}
