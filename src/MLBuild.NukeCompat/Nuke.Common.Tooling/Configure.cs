#nullable disable
namespace Nuke.Common.Tooling;

/// <summary>Changes options and returns them: <c>_ => _.AddPair("Rows", 12)</c>.</summary>
public delegate T Configure<T>(T options);

/// <summary>Applying a <see cref="Configure{T}"/> that may be absent.</summary>
public static class ConfigureExtensions
{
    public static T InvokeSafe<T>(this Configure<T> configurator, T obj) =>
        configurator == null ? obj : configurator(obj);
}
