#nullable disable
namespace Nuke.Common.CI;

/// <summary>A host that is a build server; builds on it are server builds.</summary>
public interface IBuildServer
{
    string Branch { get; }
    string Commit { get; }
}
