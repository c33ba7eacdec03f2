using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLBuild.Engine.Code;

/// <summary>The module version id of an assembly file: another for every compilation of changed sources.</summary>
internal static class AssemblyVersion
{
    public static string Of(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToString("N");
    }
}
