using System.Reflection;
using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>The members of a build: those of its classes, then those of its components.</summary>
internal static class BuildMembers
{
    public const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.Public | BindingFlags.NonPublic;

    public static IEnumerable<MemberInfo> Of(Type build)
    {
        var types = new List<Type>();
        for (var type = build; type is not null && type != typeof(NukeBuild); type = type.BaseType)
            types.Add(type);
        return types.Concat(build.GetInterfaces()).SelectMany(type => type.GetMembers(Declared));
    }
}
